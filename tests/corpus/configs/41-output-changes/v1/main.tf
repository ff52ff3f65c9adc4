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
  value = null
}
output "gone" {
  value = "soon"
}
output "sens" {
  value     = "s${var.n}"
  sensitive = true
}
