variable "tok" {
  ephemeral = true
}
output "t" {
  value     = upper(var.tok)
  ephemeral = true
}
