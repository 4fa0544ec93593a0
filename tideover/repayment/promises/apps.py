from django.apps import AppConfig


class PromisesConfig(AppConfig):
    name = "tideover.repayment.promises"
    label = "repayment_promises"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tideover.delivery.answers import EFFECTS  # noqa: PLC0415 - its models come with it, which is too early above
        from tideover.delivery.known_values import GIVERS  # noqa: PLC0415
        from tideover.repayment.promises.from_answer import choose_the_offered_day  # noqa: PLC0415
        from tideover.repayment.promises.in_messages import offered_in  # noqa: PLC0415

        GIVERS["offered_on"] = offered_in
        EFFECTS["yes_to_date"] = choose_the_offered_day
