output "y" {
  value = { w = 1 }
}
