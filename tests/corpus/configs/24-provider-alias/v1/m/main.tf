terraform {
  required_providers {
    terraform = {
      source                = "terraform.io/builtin/terraform"
      configuration_aliases = [terraform.two]
    }
  }
}
resource "terraform_data" "a" {
  input = "a"
}
resource "terraform_data" "b" {
  provider = terraform.two
  input    = "b"
}
output "o" {
  value = [terraform_data.a.output, terraform_data.b.output]
}
