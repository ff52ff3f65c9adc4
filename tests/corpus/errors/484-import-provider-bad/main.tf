import {
  to       = terraform_data.a
  id       = "x"
  provider = "foo"
}
resource "terraform_data" "a" {}
