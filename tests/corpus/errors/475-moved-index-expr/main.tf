moved {
  from = terraform_data.a[1 + 1]
  to   = terraform_data.b
}
