variable "pw" {
  default   = "hunter2"
  sensitive = true
}
resource "terraform_data" "s" {
  input = { user = "u", pw = var.pw, list = [var.pw, "plain"] }
}
resource "terraform_data" "t" {
  triggers_replace = sensitive("t1")
  input            = nonsensitive(length(var.pw))
}
output "all" {
  value     = terraform_data.s.output
  sensitive = true
}
output "len" {
  value = terraform_data.t.output
}
output "user" {
  value = nonsensitive(terraform_data.s.input.user)
}
