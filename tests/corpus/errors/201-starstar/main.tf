output "x" {
  value = 2 ** 3
}
