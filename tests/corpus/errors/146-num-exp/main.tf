output "x" {
  value = 1.2.3e4
}
