output "x" {
  value = `x`
}
