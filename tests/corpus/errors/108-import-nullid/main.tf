resource "terraform_data" "a" {}
import {
  id = null
  to = terraform_data.a
}
