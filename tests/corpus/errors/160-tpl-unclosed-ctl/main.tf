output "x" {
  value = "%{ if true"
}
