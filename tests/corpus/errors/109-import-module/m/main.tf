resource "terraform_data" "a" {}
import {
  id = "x"
  to = terraform_data.a
}
