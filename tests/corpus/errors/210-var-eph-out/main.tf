variable "e" {
  default   = "x"
  ephemeral = true
}
output "o" {
  value = [var.e]
}
