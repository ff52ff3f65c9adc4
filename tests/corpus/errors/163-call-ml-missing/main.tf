output "x" {
  value = join(
    ","
    ["a"]
  )
}
