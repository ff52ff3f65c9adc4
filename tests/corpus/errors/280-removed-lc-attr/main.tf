removed {
  from = terraform_data.a
  lifecycle {
    destroy = false
    foo = 1
  }
}
