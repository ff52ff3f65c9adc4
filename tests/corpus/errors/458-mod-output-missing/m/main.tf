output "adress" {
  value = 1
}
