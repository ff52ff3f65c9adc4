resource "terraform_data" "a" {}
import {
  id = ""
  to = terraform_data.a
}
