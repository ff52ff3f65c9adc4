output "x" {
  value = 1
}
output "y" { value = local.z }
