output "x" {
  value = local.
}
