output "x" {
  value = upper "a"
}
