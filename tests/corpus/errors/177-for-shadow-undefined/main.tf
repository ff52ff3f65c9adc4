output "x" {
  value = [for x in [1] : x + y]
}
