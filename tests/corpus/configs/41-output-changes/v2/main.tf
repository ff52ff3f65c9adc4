variable "n" {
  default = 1
}
output "num" {
  value = var.n
}
output "obj" {
  value = { a = var.n, b = [var.n, "x"], c = null }
}
output "nul" {
  value = var.n
}
output "sens" {
  value = "s${var.n}"
}
