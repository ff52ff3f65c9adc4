output "a" {
  value = vars.x
}
