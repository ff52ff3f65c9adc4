output "x" {
  value = 1
}
/* never
