output "x" {
  value = true and false
}
