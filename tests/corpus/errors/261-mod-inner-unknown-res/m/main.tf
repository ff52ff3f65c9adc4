output "x" {
  value = terraform_data.zip.id
}
