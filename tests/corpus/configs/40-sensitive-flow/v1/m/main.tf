variable "secret" {
  sensitive = true
}
variable "plain" {
}
output "both" {
  value     = "${var.plain}${var.secret}"
  sensitive = true
}
