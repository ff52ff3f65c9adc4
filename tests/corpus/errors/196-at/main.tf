output "x" {
  value = @x
}
