variable "e" {
  ephemeral = true
  default   = "x"
}
module "m" {
  source = "./m"
  v      = var.e
}
