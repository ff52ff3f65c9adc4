output "x" {
  value = "\uzz"
}
