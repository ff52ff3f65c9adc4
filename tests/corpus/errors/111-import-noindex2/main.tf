resource "terraform_data" "a" {
  for_each = toset(["a"])
}
import {
  id = "x"
  to = terraform_data.a
}
