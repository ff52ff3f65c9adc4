output "x" {
  value = local.q
}
