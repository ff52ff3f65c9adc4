output "x" {
  value = {
    (null) = 2
  }
}
