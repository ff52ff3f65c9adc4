variable "x" { default = 1 }
output "a" { value = var.x }
output "b" { value = [var.x] }
output "n" { value = null }
