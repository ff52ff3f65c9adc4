output "a" {
  value = 1
  precondition {
    condition     = "x"
    error_message = "Nope."
  }
}
