output "x" {
  value = max([1]..., 2)
}
