check "c" {
  data "terraform_remote_state" "s" {
    backend = "local"
    config = { path = "none" }
    count = 1
  }
  assert {
    condition     = true
    error_message = "x"
  }
}
