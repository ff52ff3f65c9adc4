output "x" {
  value = local.1a
}
