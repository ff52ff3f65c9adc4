output "extra" {
  value = local.sum
}
