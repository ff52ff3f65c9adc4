output "x" {
  value = [1].x
}
