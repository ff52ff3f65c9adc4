resource "terraform_data" "a2" {
}
moved {
  from = terraform_data.a
  to   = terraform_data.a2
}
removed {
  from = terraform_data.c
  lifecycle {
    destroy = false
  }
}
