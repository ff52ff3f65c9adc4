variable "s" {
  sensitive = true
  default   = { user = "u", pass = "p" }
}
module "m" {
  source = "./m"
  secret = var.s.pass
  plain  = "x"
}
resource "terraform_data" "a" {
  input = { secret = var.s, open = "o" }
}
resource "terraform_data" "b" {
  input            = nonsensitive(var.s.user)
  triggers_replace = sensitive("t")
}
output "o" {
  value     = terraform_data.a.output
  sensitive = true
}
output "p" {
  value     = module.m.both
  sensitive = true
}
output "q" {
  value = terraform_data.b.output
}
