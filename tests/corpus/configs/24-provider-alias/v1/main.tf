terraform {
  required_version = ">= 1.3"
  required_providers {
    terraform = {
      source = "terraform.io/builtin/terraform"
    }
  }
}
provider "terraform" {
}
provider "terraform" {
  alias = "other"
}
resource "terraform_data" "r" {
  provider = terraform.other
  input    = 1
}
module "m" {
  source = "./m"
  providers = {
    terraform     = terraform.other
    terraform.two = terraform
  }
}
output "m" {
  value = module.m.o
}
