variable "tok" {
  type      = string
  ephemeral = true
}
module "m" {
  source = "./m"
  tok    = var.tok
}
output "len" {
  value = ephemeralasnull(var.tok) == null
}
resource "terraform_data" "r" {
  input = "x"
}
