output "o" {
  value = file(".")
}
