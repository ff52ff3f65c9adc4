data "terraform_remote_state" "a" {
  backend = "local"
}
check "x" {
  data "terraform_remote_state" "a" {
    backend = "local"
  }
  assert {
    condition     = true
    error_message = "x"
  }
}
