output "x" {
  value =
}
