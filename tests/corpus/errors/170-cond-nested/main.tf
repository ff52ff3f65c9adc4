output "x" {
  value = true ? (
    false ? 1 : "a"
  ) : [
    1
  ]
}
