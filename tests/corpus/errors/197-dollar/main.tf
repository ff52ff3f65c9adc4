output "x" {
  value = $x
}
