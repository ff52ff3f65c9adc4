output "x" {
  value = not true
}
