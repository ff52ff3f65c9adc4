removed "x" {
  from = terraform_data.a
}
