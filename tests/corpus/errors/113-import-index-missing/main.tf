resource "terraform_data" "a" {
  count = 1
}
import {
  id = "x"
  to = terraform_data.a[4]
}
